"""How a request can fail, by the shape of the answer.

ComputeError
├── MalformedRequestError   500 with an empty body
├── SolveError              500 with a JSON body: a component's runtime error
└── UnsupportedError        500 with a JSON body: this server cannot evaluate it
"""


class ComputeError(Exception):
    """Any failure of a request."""


class MalformedRequestError(ComputeError):
    """What Rhino.Compute does not catch: it answers 500 without a body."""


class SolveError(ComputeError):
    """A runtime error of one component."""


class UnsupportedError(ComputeError):
    """Rhino could evaluate this; here it is refused rather than guessed."""
