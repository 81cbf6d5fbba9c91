"""Settings that would open the portal stop the start."""

import pytest

from portal.config import Config, SettingError
from portal.startup_checks import refuse_unsafe


@pytest.mark.parametrize("network", ["127.0.0.0/8", "127.0.0.1", "127.3.0.0/16", "::1", "::/112"])
def test_this_computer_is_no_trusted_network_outside_a_demo(network: str) -> None:
    """A proxy on the same machine would let in the world."""
    config = Config.from_environment({"TRUSTED_NETWORKS": network})
    refuse_unsafe(config, demo=True)
    with pytest.raises(SettingError, match=r"^TRUSTED_NETWORKS: deze computer mag er niet bij\."):
        refuse_unsafe(config, demo=False)
