"""The wizard (办理向导): one case from its applicant to its papers, with the answer always live beside the form."""

from pinggu_desk.desk.wizard.page import WizardPage

__all__ = ["WizardPage"]
