"""Makes the files of a contract from a Grasshopper document."""
