/*
 * Opens files that lie below another root directory, such as /proc/PID/root of a process in a container (symbols layer).
 *
 * Who fills that root may be anybody: a symbolic link in it means what it means to the processes there, and nothing
 * that is no regular file is opened (a FIFO waits for a writer, and devices act when they are opened).
 */
#ifndef SYMBOLS_PLACE_ROOT_OPEN_H
#define SYMBOLS_PLACE_ROOT_OPEN_H

/*
 * Opens the regular file @path, absolute or not, below the directory @root, for reading; "": our own root. @flags: more
 * of open(2)'s, O_NOFOLLOW. The descriptor, or -1 and errno: ENXIO if it is no regular file.
 */
int root_open(const char *root, const char *path, int flags);

#endif
