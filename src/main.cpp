#include "app/main_program.hpp"

int main(int argc, char** argv) { return kroma::main_program(argc, argv); }
