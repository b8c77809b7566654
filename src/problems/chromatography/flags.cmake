# The column integrator is bound by multiplications and additions: let them be one instruction where there is one.
target_compile_options(kroma_problem_chromatography PRIVATE -ffp-contract=fast)
# Roots of several numbers are one instruction only if they need not set errno, which nothing here reads.
set_source_files_properties(chromatography/spectrum.cpp PROPERTIES COMPILE_OPTIONS -fno-math-errno)
