"""The guard against data about pupils and parents: it reads free text before it is stored."""
