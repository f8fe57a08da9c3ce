#include "tests/devices/played_sim.h"

#include <pthread.h>
#include <time.h>

#include "core/base/mem.h"

#define LONG_ENOUGH 120000 /* ms of the simulator's, for all that is inside of it */

struct played_sim {
	mock_printer *printer;
	pw_sim *sim;
	int speed;
	int64_t born; /* ms */
	pthread_t follower;
	pthread_mutex_t lock; /* of all below, and the simulator */
	bool there, over;
};

static int64_t now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

pw_sim *played_sim_enter(played_sim *p)
{
	pthread_mutex_lock(&p->lock);
	pw_sim_advance(p->sim, (now_ms() - p->born) * p->speed);
	return p->sim;
}

void played_sim_leave(played_sim *p)
{
	pthread_mutex_unlock(&p->lock);
}

/* ---- What the mock asks ---- */

static size_t take(void *ctx, const uint8_t *bytes, size_t n)
{
	size_t taken = pw_sim_take(played_sim_enter(ctx), bytes, n);
	played_sim_leave(ctx);
	return taken;
}

static size_t say(void *ctx, uint8_t *buf, size_t size)
{
	size_t n = pw_sim_say(played_sim_enter(ctx), buf, size);
	played_sim_leave(ctx);
	return n;
}

static uint8_t port_status(void *ctx)
{
	uint8_t status = pw_sim_port_status(played_sim_enter(ctx));
	played_sim_leave(ctx);
	return status;
}

static void soft_reset(void *ctx)
{
	pw_sim_soft_reset(played_sim_enter(ctx));
	played_sim_leave(ctx);
}

static bool there(void *ctx)
{
	played_sim *p = ctx;
	bool is = pw_sim_there(played_sim_enter(p));
	if (is && !p->there)
		pw_sim_connect(p->sim);
	p->there = is;
	played_sim_leave(p);
	return is;
}

static void *follow(void *ctx)
{
	const struct timespec pause = {0, 5000000};
	played_sim *p = ctx;
	for (bool over = false; !over; nanosleep(&pause, NULL)) {
		mock_printer_follow(p->printer);
		played_sim_enter(p);
		over = p->over;
		played_sim_leave(p);
	}
	return NULL;
}

played_sim *played_sim_new(mock_printer *printer, pw_sim *sim, int speed)
{
	played_sim *p = pw_alloc(sizeof(*p));
	p->printer = printer;
	p->sim = sim;
	p->speed = speed;
	p->born = now_ms();
	p->there = true;
	pthread_mutex_init(&p->lock, NULL);
	mock_printer_play(printer, &(mock_player){take, say, port_status, soft_reset, there, p});
	PW_BUG_IF(pthread_create(&p->follower, NULL, follow, p) != 0);
	return p;
}

void played_sim_free(played_sim *p)
{
	played_sim_enter(p);
	p->over = true;
	played_sim_leave(p);
	pthread_join(p->follower, NULL);
	mock_printer_play(p->printer, &(mock_player){NULL, NULL, NULL, NULL, NULL, NULL});
	pw_sim_advance(p->sim, (now_ms() - p->born) * p->speed + LONG_ENOUGH);
	pthread_mutex_destroy(&p->lock);
	pw_free(p);
}
