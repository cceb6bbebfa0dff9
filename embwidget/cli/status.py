"""What the exit status of a command says."""

PASS = 0
FAIL = 1
CANNOT_TELL = 2
ERROR = 3
"""Of arguments and files: argparse's own 2 says here that a question stays open."""
INTERRUPTED = 130


def rule(passes: str, fails: str = "", open_: str = "") -> str:
    """The rule of a command, for its ``--help``."""
    lines = [(PASS, passes), (FAIL, fails), (CANNOT_TELL, open_)]
    lines += [(ERROR, "wrong arguments or files: nothing was found out"), (INTERRUPTED, "interrupted (Ctrl-C)")]
    return "exit status:\n" + "\n".join(f"  {status:<5}{said}" for status, said in lines if said)
