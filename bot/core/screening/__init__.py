"""The gentle self-screening checklist: a pure state machine over answers that nobody keeps."""
