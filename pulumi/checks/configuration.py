"""Keys of a stack's file that no program reads: a misspelt one would be left out in silence."""

from offline.recording import Recording

from checks.faults import Fault


def configuration_faults(recording: Recording) -> list[Fault]:
    """One for each key; required ones that are missing have stopped the run before."""
    where = f"Pulumi.{recording.stack}.yaml"
    unread = sorted(recording.given_keys - recording.read_keys)
    return [Fault(where, "unread key", key) for key in unread]
