"""What is kept of a run: certificates, receipts, locks and the versions that they freeze."""
