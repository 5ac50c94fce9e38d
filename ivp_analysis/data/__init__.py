"""The data room: what sources said (snapshots) and what the code makes of it (observations, population)."""
