"""运行测试的命令."""

import os
import sys

from portal.management.commands import test as command


def test_exit_code_is_that_of_the_tests():
    assert command.watch([sys.executable, "-c", "raise SystemExit(5)"], dict(os.environ)) == 5
