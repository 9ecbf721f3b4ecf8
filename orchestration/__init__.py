"""closedloop: ingestion, build, gate and publication of the warehouse between marketing and sales."""
