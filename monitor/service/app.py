"""The App, which cli, daemon and web ask and command: an installation, and under a name each what it can be told and asked.

What only asks the database are methods of `Queries`, what is opened once is `Installation`, all else stands in `commands/`, a
file for each group. A group is imported when it is first asked for: `monitor hits` must not wait for HTTP, parsers and matchers.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING  # noqa: TID251 - the groups are imported late, their types are named

from monitor.service.installation import Installation

if TYPE_CHECKING:
    from monitor.service.commands.channel_trials import ChannelTrials
    from monitor.service.commands.database_admin import DatabaseAdmin
    from monitor.service.commands.doctor import Doctor
    from monitor.service.commands.explaining import Explaining
    from monitor.service.commands.plan_check import PlanCheck
    from monitor.service.commands.presence import Presence
    from monitor.service.commands.rule_trials import RuleTrials
    from monitor.service.commands.sending import Sending
    from monitor.service.commands.source_setup import SourceSetup
    from monitor.service.commands.triage import Triage


class App(Installation):
    """An opened installation with all that it can be asked and told."""

    @cached_property
    def explaining(self) -> Explaining:
        """Return why something was told, or not, and what the line would make of an address."""
        from monitor.service.commands.explaining import Explaining

        return Explaining(self)

    @cached_property
    def rule_trials(self) -> RuleTrials:
        """Return what rules make of one article that a person names, and would have made of the stored ones."""
        from monitor.service.commands.rule_trials import RuleTrials

        return RuleTrials(self)

    @cached_property
    def channel_trials(self) -> ChannelTrials:
        """Return who would hear of a rule's hit, and whether a channel takes a sample."""
        from monitor.service.commands.channel_trials import ChannelTrials

        return ChannelTrials(self)

    @cached_property
    def plan_check(self) -> PlanCheck:
        """Return how the plan of the files stands to the one in force and what is stored, and the way to ask for a reload."""
        from monitor.service.commands.plan_check import PlanCheck

        return PlanCheck(self)

    @cached_property
    def sending(self) -> Sending:
        """Return what becomes of messages that wait, and of channels that are shut."""
        from monitor.service.commands.sending import Sending

        return Sending(self)

    @cached_property
    def triage(self) -> Triage:
        """Return where it is stored what people say of hits and stories."""
        from monitor.service.commands.triage import Triage

        return Triage(self)

    @cached_property
    def source_setup(self) -> SourceSetup:
        """Return how sources come into the files."""
        from monitor.service.commands.source_setup import SourceSetup

        return SourceSetup(self)

    @cached_property
    def presence(self) -> Presence:
        """Return whether sources wait for a daemon, and which others there are."""
        from monitor.service.commands.presence import Presence

        return Presence(self)

    @cached_property
    def doctor(self) -> Doctor:
        """Return who inspects whether all is well."""
        from monitor.service.commands.doctor import Doctor

        return Doctor(self)

    @cached_property
    def database_admin(self) -> DatabaseAdmin:
        """Return what is done with the database as a whole."""
        from monitor.service.commands.database_admin import DatabaseAdmin

        return DatabaseAdmin(self)
