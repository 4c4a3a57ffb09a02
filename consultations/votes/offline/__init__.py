"""What the programs off the server share: files, sentences in two languages, a command line, a practice server."""
