"""The texts around the topics of the help."""

from gui.state.wording import APPLICATION
from gui.translation import translate

HELP = translate("help", "{app} help").format(app=APPLICATION)
TOPICS = translate("help", "Topics")
SEARCH = translate("help", "Search the help")
NOTHING_FOUND = translate("help", "Nothing found. Try a single word, such as *threshold* or *folder*.")
