/* The kernels for any processor. */
#include <stdint.h>

#define KERNELS column_kernels_plain
#include "column/kernel_set_int.h"
