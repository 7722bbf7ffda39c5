"""What clients read: targets, frozen reports and their files, and how far the building of one is."""

from reports.models.build import Build
from reports.models.report import ReportFile, ReportVersion
from reports.models.target import Target

__all__ = ["Build", "ReportFile", "ReportVersion", "Target"]
