from messaging.forms.accounts import DeleteAccountForm
from messaging.forms.messages import ComposerForm, EditForm

__all__ = ["ComposerForm", "DeleteAccountForm", "EditForm"]
