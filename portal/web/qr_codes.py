"""QR codes, as SVG without any style of its own."""

from markupsafe import Markup


def draw_qr_code(text: str) -> Markup:
    import segno  # few pages need it

    code = segno.make(text, error="m", micro=False)
    return Markup(  # noqa: S704 - numbers only
        code.svg_inline(omitsize=True, border=2, svgclass="qr-code", lineclass=None, light="#fff")
    )
