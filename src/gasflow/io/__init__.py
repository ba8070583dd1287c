"""Files in and out: folders of tables, and other libraries."""
