"""Many pictures scored into a table of Parquet files, on this machine or on many; Spark lives here only."""
