"""A run of the pipeline, whatever schedules its stages: its options, attempts, failures, end and result."""
