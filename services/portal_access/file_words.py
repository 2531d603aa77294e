"""What the portal calls the files that people upload, and why one is not taken."""

from chassis.web.languages import gettext, marked
from services.portal_access.charts import ChartRefusedError

KINDS = {
    "identity_card": marked("Identity card"),
    "insurance_card": marked("Insurance card"),
    "picture": marked("Profile picture"),
}
"""By chart_service's names."""

_REFUSALS = {
    "file_empty": marked("The file is empty. Choose another one"),
    "file_too_large": marked("The file must be smaller than 10 MB. Choose a smaller one"),
    "file_type_unknown": marked("The file must be a PDF, PNG or JPEG. Choose another one"),
    "picture_too_large": marked("The picture has too many pixels. Save it smaller and try again"),
    "picture_broken": marked("The picture cannot be read. Save it again or choose another one"),
    "picture_type_unknown": marked("A profile picture must be a PNG or JPEG. Choose another one"),
    "files_full": marked("You have uploaded as many files as you can. Call us to remove some"),
    "uploads_throttled": marked(
        "You have sent many files in a short time. Wait 15 minutes and try again"
    ),
}
"""By the codes of chart_service's problems."""


def refusal(error: ChartRefusedError) -> str:
    """Return why a file is not taken, and what to do, in the visitor's language."""
    return gettext(_REFUSALS.get(error.code, error.sentence))
