"""From a shell: one command a file, each with its arguments, what it prints, and the rule of its exit status."""
