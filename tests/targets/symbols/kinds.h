extern int count_hidden_b;
int second_file(int x);
