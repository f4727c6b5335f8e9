"""Each command that prints what services say, as it may be called."""

from penstock.cli.commands import COMMANDS

ID = "11111111-1111-7111-8111-111111111111"
# They print what this machine's own programs say, or become a server.
OF_THIS_MACHINE = {"up", "run", "deploy", "executor start", "config view", "completion"}

CALLS: dict[str, list[list[str]]] = {
    "deployment ls": [[]],
    "deployment run": [["a/b"], ["a/b", "--watch"]],
    "deployment delete": [["a/b"]],
    "flow-run ls": [[]],
    "flow-run count": [[], ["--by", "state,flow,pool,deployment,hour"]],
    "flow-run inspect": [[ID]],
    "flow-run watch": [[ID]],
    "flow-run logs": [[ID], [ID, "--follow"]],
    "flow-run cancel": [[ID], [ID, "--watch"]],
    "flow-run delete": [[ID]],
    "pool ls": [[]],
    "pool create": [["p"]],
    "pool workers": [["p"]],
    "pool delete": [["p"]],
    "doctor": [[]],
    "version": [[]],
    "deployment inspect": [["a/b"]],
    "result": [[ID]],
    "queue ls": [["p"]],
    "queue create": [["p", "q"]],
    "queue delete": [["p", "q"]],
    "executor ls": [[]],
}
assert set(CALLS) == set(COMMANDS) - OF_THIS_MACHINE

EVERY_CALL = [[*path.split(), *more] for path, calls in CALLS.items() for more in calls]
# A run of which nothing is known never ends.
ENDLESS = {"--watch", "watch", "--follow"}
