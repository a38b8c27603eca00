import cProfile, pstats, io, time, os
import pytest
pytestmark = pytest.mark.django_db
from tests.factories.scripts import five_steps
from tests.factories.alerts import draft

def prof(name, fn, n=5):
    for _ in range(3): fn()
    t=time.thread_time()
    for _ in range(n): fn()
    cpu=(time.thread_time()-t)/n*1000
    p=cProfile.Profile(); p.enable()
    for _ in range(n): fn()
    p.disable()
    s=io.StringIO(); st=pstats.Stats(p,stream=s).sort_stats('cumulative')
    st.print_stats(70)
    with open('/tmp/h6_prof.txt','a') as f: f.write(f"\n##### {name} cpu {cpu:.1f} ms\n"+s.getvalue())

def test_p(client_for, agent, tenant_admin):
    open('/tmp/h6_prof.txt','w').close()
    a=client_for(agent); t=client_for(tenant_admin)
    prof('desk', lambda: a.get('/'))
    prof('accounts new', lambda: a.get('/accounts/new/'))
    prof('alert new', lambda: t.get('/alerts/new/'))
    script,nodes=five_steps(tenant_admin)
    prof('script step', lambda: t.get(f'/scripts/steps/{nodes["moves"].uuid}/'))
    def rep():
        r=t.get('/alerts/report/file/'); b''.join(r.streaming_content)
    prof('alert report', rep)
    prof('statistics', lambda: t.get('/statistics/'))
