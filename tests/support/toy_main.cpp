// The program as users run it, with the toy family: for tests of the command line.
#include "app/main_program.hpp"
#include "support/toy.hpp"

int main(int argc, char** argv) { return kroma::main_program(argc, argv, kroma::test::toy_registry()); }
