"""The texts around the topics of the help."""

from gui.state.wording import APPLICATION

HELP = f"{APPLICATION} help"
TOPICS = "Topics"
SEARCH = "Search the help"
NOTHING_FOUND = "Nothing found. Try a single word, such as *threshold* or *folder*."
