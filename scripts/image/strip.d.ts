/** The file of a program (ELF, 64 bit, little endian), cut behind the last byte that is loaded to run it. */
export function strip(file: Buffer): Buffer
