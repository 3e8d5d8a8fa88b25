from messaging.forms.messages import ComposerForm, EditForm

__all__ = ["ComposerForm", "EditForm"]
