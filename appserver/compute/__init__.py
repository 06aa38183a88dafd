"""The solvers: Rhino.Compute over HTTP and the built-in mock."""
