"""`closedloop init`: a company folder from somebody's own files."""

from orchestration.proposal.folder import Proposal, ProposedFile, write_company_folder

__all__ = ["Proposal", "ProposedFile", "write_company_folder"]
