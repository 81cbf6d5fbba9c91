"""A school asks for a session: with and without JavaScript, by keyboard, in two minutes."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import with_and_without_javascript
from tests.browser.steps import SignIn, sign_in_on_the_page
from tests.checks import extract


def captured_mail(page: Page, sign_in: SignIn, subject: str, to: str) -> str:
    """The text of the mail with this subject and recipient, from the outbox in Beheer."""
    assert page.context.browser
    context = page.context.browser.new_context(base_url=page.url.split("/aanvragen")[0])
    outbox = context.new_page()
    sign_in(outbox, "coordinator")
    outbox.goto("/beheer/post")
    mail = outbox.locator("li", has_text=subject).filter(has_text=f"aan {to}").first
    mail.locator("summary").click()
    text = mail.locator("pre").inner_text()
    context.close()
    return text


def link_in(text: str) -> str:
    return extract(r"https?://[^/]+(/\S+)", text)


@with_and_without_javascript
def test_from_a_question_to_a_planned_session(page: Page, sign_in: SignIn) -> None:
    page.goto("/")
    page.get_by_role("link", name="Aanvragen", exact=True).click()
    page.get_by_role("link", name="Hoogbegaafdheid").click()
    expect(page.get_by_label("Over welk thema?")).to_have_value("hoogbegaafdheid")
    page.get_by_role("button", name="Aanvraag versturen").click()
    expect(page.locator(".errors")).to_be_focused()
    page.get_by_label("School", exact=True).select_option("16LF00")
    page.get_by_label("Met hoeveel mensen zijn jullie?").fill("8")
    page.get_by_label("CJG-coach").check()
    page.get_by_label("Wat willen jullie bereiken?").fill("Sem uit groep 5 heeft adhd.")
    page.get_by_label("Je naam").fill("Saskia de Boer")
    page.get_by_label("Je e-mailadres op je werk").fill("saskia@beatrix.example")
    page.get_by_role("button", name="Aanvraag versturen").click()
    page.get_by_label("Ik heb dit nagekeken").check()
    expect(page.get_by_label("CJG-coach")).to_be_checked()
    page.get_by_role("button", name="Aanvraag versturen").click()
    expect(page.locator("h1")).to_have_text("Kijk in je mail")
    reference = extract(r"(KT-\d{4}-\w{4})", page.locator(".lead").inner_text())

    page.goto(link_in(captured_mail(page, sign_in, reference, "saskia@beatrix.example")))
    page.get_by_role("button", name="Aanvraag versturen").click()
    expect(page.locator("main")).to_contain_text("Je aanvraag is ontvangen.")
    follow = page.url

    coordinator = page.context.new_page()
    mail = captured_mail(page, sign_in, reference, "kernteam@po-zk.nl")
    coordinator.goto(link_in(mail))  # without an account
    expect(coordinator.locator("h1")).to_have_text("Thema: Hoogbegaafdheid")
    coordinator.get_by_role("button", name="In behandeling nemen").click()
    expect(coordinator.locator("main .tag").first).to_have_text("In behandeling")
    coordinator.get_by_label("Dag van de sessie").fill("2027-06-03")
    coordinator.get_by_label("Begint om").fill("15:00")
    coordinator.get_by_label("Eindigt om").fill("16:30")
    coordinator.get_by_label("Wie leidt de sessie?").fill("Coen Coördinator")
    coordinator.get_by_label("CJG-coach").check()
    coordinator.get_by_role("button", name="Sessie inplannen").click()
    expect(coordinator.locator("main .tag").first).to_have_text("Gepland op 3 juni 2027")

    page.goto(follow)
    expect(page.locator("main")).to_contain_text("Gepland op donderdag 3 juni 2027")
    page.get_by_label("Wat wil je toevoegen?").fill("We zijn met één meer.")
    page.get_by_role("button", name="Bericht toevoegen").click()
    expect(page.locator("main")).to_contain_text("We zijn met één meer.")

    coordinator.goto("/inloggen")
    sign_in_on_the_page(coordinator, "coordinator")
    coordinator.goto("/beheer/aanvragen")
    waiting = coordinator.locator("#aanvragen li", has_text=reference)
    expect(waiting).to_contain_text("Nieuw bericht")
    waiting.get_by_role("link").click()
    coordinator.get_by_label("Je antwoord aan de aanvrager").fill("Prima, tot dan.")
    coordinator.get_by_role("button", name="Antwoord sturen").click()
    expect(coordinator.locator("#melding")).to_have_text("Je antwoord is verstuurd.")
    coordinator.locator("summary", has_text="Andere dag inplannen").click()
    expect(coordinator.get_by_label("Waar is het?")).not_to_have_value("")
    coordinator.get_by_label("Dag van de sessie").fill("2027-06-10")
    coordinator.get_by_role("button", name="Andere dag inplannen").click()
    page.goto(follow)
    expect(page.locator("main")).to_contain_text("Prima, tot dan.")
    expect(page.locator("main")).to_contain_text("Gepland op donderdag 10 juni 2027")
    page.locator("summary", has_text="Aanvraag intrekken").click()
    page.get_by_label("Waarom trek je de aanvraag in?").fill("Het komt niet uit.")
    page.get_by_role("button", name="Aanvraag intrekken").click()
    expect(page.locator("main")).to_contain_text("Ingetrokken")


@with_and_without_javascript
def test_a_session_is_asked_for_with_the_keyboard_alone(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto("/aanvragen/intervisie")
    page.get_by_label("Met ons eigen kernteam").focus()
    for key in (
        "Space", "ArrowDown",  # een MLB
        "Tab", "Space",  # rond casuïstiek
        "Tab", "V", "r", "o",  # the school, by its first letters
        "Tab", "Tab", "1", "2",  # for whom: as the school; how many
    ):  # fmt: skip
        page.keyboard.press(key)
    expect(page.get_by_label("Een MLB")).to_be_checked()
    expect(page.get_by_label("Rond casuïstiek")).to_be_checked()
    expect(page.get_by_label("School", exact=True)).not_to_have_value("")
    expect(page.get_by_label("Met hoeveel mensen zijn jullie?")).to_have_value("12")
    name = page.get_by_label("Je naam")
    for _ in range(40):
        if name.evaluate("e => e === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.type("Saskia de Boer")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("saskia@toetsenbord.example")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Kijk in je mail")


def test_a_printed_confirmation_is_the_request_without_buttons(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "reader")
    page.goto("/aanvragen")
    page.locator(".section--personal a").first.click()
    page.emulate_media(media="print")
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".facts")).to_be_visible()
    assert not page.locator("button").first.is_visible()
    assert not page.locator("textarea").first.is_visible()


def test_what_was_typed_is_still_there_after_back(page: Page) -> None:
    typed = {"aantal": "12", "telefoon": "06 12345678", "naam": "Jan", "dag_1": "2027-02-01"}
    page.goto("/aanvragen/intervisie")
    for name, text in typed.items():
        page.locator(f"[name={name}]").fill(text)
    page.goto("/privacy")
    page.go_back()
    assert {name: page.locator(f"[name={name}]").input_value() for name in typed} == typed
