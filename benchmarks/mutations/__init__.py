"""What benchmarks/mutate.py does to real code: one file per kind of defect."""
