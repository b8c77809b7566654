# The column integrator is bound by multiplications and additions: let them be one instruction where there is one.
target_compile_options(kroma_problem_chromatography PRIVATE -ffp-contract=fast)
