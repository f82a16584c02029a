/* Every parameter of mprof_memory_usage(), as C++17, and exceptions that leave a function. usage: parameters_cpp */
#include "check.h"

#include <sys/wait.h>

#include <chrono>
#include <cmath>
#include <csignal>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

namespace
{

struct free_result {
	void operator()(mprof_result *result) const
	{
		mprof_result_free(result);
	}
};

struct free_error {
	void operator()(mprof_error *error) const
	{
		mprof_error_free(error);
	}
};

using result_ptr = std::unique_ptr<mprof_result, free_result>;
using error_ptr = std::unique_ptr<mprof_error, free_error>;

result_ptr measured(const mprof_options &options)
{
	return result_ptr(measure(&options));
}

template <typename Function> void *call(void *function)
{
	return (*static_cast<Function *>(function))();
}

/* A lambda is a function with its argument. */
template <typename Function> mprof_options options_of(Function &function)
{
	mprof_options options = defaults();

	options.function = call<Function>;
	options.argument = &function;
	options.interval_s = 0.005;
	return options;
}

void test_process()
{
	mprof_options options = defaults();
	CHECK(measured(options)->mib[0] > 0);
	options.pid = getpid();
	options.timeout_s = 0.05;
	options.interval_s = 0.01;
	options.timestamps = 1;
	result_ptr result = measured(options);
	CHECK(result->count >= 1 && result->count <= 5);
	const auto now =
		std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch());
	CHECK(std::fabs(result->times_s[0] - now.count()) < 600);
	options.max_usage = 1;
	CHECK(measured(options)->count == 1);
	options.backend = "uss";
	CHECK(measured(options)->max_mib > 0);
	options.interval_s = std::nan("");
	error_ptr error(mprof_memory_usage(&options, &*std::make_unique<mprof_result *>()));
	CHECK(error && mprof_error_code(error.get()) == MPROF_ERROR_USAGE);
	CHECK(mprof_error_errno(error.get()) == 0);
	CHECK(std::string(mprof_error_text(error.get())).find("nan") != std::string::npos);
}

void test_command()
{
	std::string words[] = { "sh", "-c", "(sleep 1; :) & wait; exit 4" };
	char *argv[] = { words[0].data(), words[1].data(), words[2].data(), nullptr };
	mprof_options options = defaults();

	options.command = argv;
	options.interval_s = 0.01;
	options.include_children = options.multiprocess = 1;
	result_ptr result = measured(options);
	CHECK(result->status == 4 && result->count > 0 && result->child_count > 0);
	/* The sum is what its parts are. */
	const mprof_child &child = result->children[0];
	CHECK(child.pid != result->pid && child.mib < result->mib[child.index]);
}

void test_function()
{
	int calls = 0;
	auto grow = [&calls]() -> void * {
		calls++;
		/* Not of the heap, whose pages a sanitizer would have company for. */
		auto unmap_32 = [](void *memory) { unmap(memory, 32); };
		std::unique_ptr<void, decltype(unmap_32)> memory(map_touched(32), unmap_32);
		await_reading();
		return &calls;
	};
	mprof_options options = options_of(grow);
	options.retval = 1;
	result_ptr result = measured(options);
	CHECK(result->returned == &calls && calls == 1);
	CHECK(is_near(result->max_mib, result->mib[0] + 32));

	auto nothing = [&calls]() -> void * {
		calls++;
		return nullptr;
	};
	options = options_of(nothing);
	options.interval_s = 1;
	options.max_iterations = 2;
	CHECK(measured(options)->iterations == 2 && calls == 3);
}

void test_stream()
{
	char *text = nullptr;
	size_t bytes = 0;
	mprof_options options = defaults();

	options.stream = open_memstream(&text, &bytes);
	CHECK(measured(options)->count == 0);
	std::fclose(options.stream);
	CHECK(std::string(text).find("\nMEM ") != std::string::npos);
	std::free(text);
}

struct counted {
	explicit counted(int &count) : count(count)
	{
		count++;
	}
	~counted()
	{
		count--;
	}
	int &count;
};

/* It goes through the library to its caller, and what the library has begun ends. */
void test_exceptions()
{
	const int descriptors = count_descriptors();
	int alive = 0;
	auto fail = [&alive]() -> void * {
		counted one(alive);
		throw std::runtime_error("on purpose");
	};
	mprof_options options = options_of(fail);

	for (int i = 0; i < 100; i++) {
		counted outer(alive);
		try {
			measured(options);
			CHECK(!"thrown");
		} catch (const std::runtime_error &error) {
			CHECK(std::string(error.what()) == "on purpose" && alive == 1);
		}
		CHECK(count_threads() == 1 && count_descriptors() == descriptors);
	}
	/* One that is caught within is nobody's business. */
	auto recover = [&fail]() -> void * {
		try {
			return fail();
		} catch (const std::exception &) {
			return nullptr;
		}
	};
	CHECK(measured(options_of(recover))->count >= 3);
	/* And from a thread of C++. */
	std::thread([&options] {
		try {
			measured(options);
		} catch (const std::exception &) {
			return;
		}
		CHECK(!"thrown");
	}).join();
	CHECK(count_descriptors() == descriptors);
}

} // namespace

int main()
{
	test_process();
	test_command();
	test_function();
	test_stream();
	test_exceptions();
	std::puts("parameters_cpp: all as they should be");
}
