"""A referral as printable documents: one plain sheet, written as Word or PDF, all of it in memory."""
