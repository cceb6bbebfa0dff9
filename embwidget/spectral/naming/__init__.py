"""Names of groups: chosen on one half of what leads a group, and earned on the other."""
