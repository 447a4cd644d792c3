"""Drawing a form (申请表表样) from its policy: for a pack of ours, and for whoever keeps another."""
