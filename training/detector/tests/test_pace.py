from wideberth_training_detector import pace


def test_the_faster_thread_count_is_kept(monkeypatch) -> None:
    now = [0.0]
    chosen: list[int] = []
    monkeypatch.setattr(pace.time, "monotonic", lambda: now[0])
    pacer = pace.Pacer(chosen.append, (1, 2), trial_steps=3, settled_steps=10)
    for _ in range(16):
        pacer.step()
        now[0] += 1.0 if chosen[-1] == 1 else 4.0
    assert chosen[-1] == 1
    assert 2 in chosen
