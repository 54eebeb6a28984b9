// The hold model on std::priority_queue: take the earliest, schedule one exponential step
// ahead. The steps are drawn beforehand, as in the other contenders: the queue is measured, not the dice.
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <queue>
#include <random>
#include <tuple>
#include <vector>

struct Event {
  double time;
  int stream;
  long number;
};
struct Later {
  bool operator()(const Event& a, const Event& b) const {
    return std::tie(a.time, a.stream, a.number) > std::tie(b.time, b.stream, b.number);
  }
};

int main(int argc, char** argv) {
  const int pending = std::atoi(argv[1]);
  const long holds = std::atol(argv[2]);
  std::mt19937_64 generator(1);
  std::exponential_distribution<double> step(1.0 / 1e6);
  std::vector<double> steps(65536);
  for (double& one : steps) one = std::floor(step(generator));
  std::priority_queue<Event, std::vector<Event>, Later> queue;
  for (long i = 0; i < pending; i++) queue.push({steps[i & 65535], 1, i});
  const auto begin = std::chrono::steady_clock::now();
  for (long i = 0; i < holds; i++) {
    const Event event = queue.top();
    queue.pop();
    queue.push({event.time + steps[i & 65535], 1, pending + i});
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  std::printf("%.0f\n", holds / seconds);
}
