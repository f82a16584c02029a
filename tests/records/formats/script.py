import time

@profile
def load():
    kept = bytearray(8 << 20)
    time.sleep(0.3)
    return kept

def main():
    load()
    time.sleep(0.2)

main()
