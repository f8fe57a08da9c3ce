/*
 * Functions that this project does not use, made to fail at compile time. Included on the compiler's
 * command line for every file of ours (cmake/poolwell.cmake), after the system headers it poisons.
 */
#ifndef PW_BASE_BANNED_H
#define PW_BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#if defined(__GNUC__)
#pragma GCC poison strcpy strcat sprintf vsprintf strtok gets atoi atol atof
#pragma GCC poison localtime gmtime ctime asctime rand srand
#endif

#endif
