"""What clients read: measures, targets, frozen reports."""
