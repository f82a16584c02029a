extern int count_anonymous_b;
int second_file(int n);
