import time

from tests.test_admin_upload import *

S=Path("/work/shared/samples")
def first(folder, ext): return sorted((S/folder).glob(f"**/*{ext}"), key=lambda p:-p.stat().st_size)[0]
@pytest.mark.parametrize("kind,folder,ext",[("frus","frus",".xml"),("votes","votes",".csv"),("treaty","treaties",".html"),("dna","dna",".dna"),("matrix","matrices",".csv"),("actors","popolo",".json"),("debates","parlamint",".xml"),("debates","akomantoso",".xml"),("cables","cables-1973-76",".txt"),("documents","climate-talks",".json")])
def test_x(client, reviewer, world, kind, folder, ext):
    p=first(folder,ext)
    o={"issue":"trade","create":"on","date":"2013"}
    t=time.time(); page=send(client,kind,p.name,p.read_bytes(),**o); a=time.time()-t
    c=counts(page); st=page.context["report"]["stopped"]
    t=time.time(); done=act(client,"import") if page.context["worth"] else page; b=time.time()-t
    u=Upload.objects.get()
    import json as j
    print("\n##",kind,p.name,c,st,f"{a:.1f}s {b:.1f}s same={counts(done)==c} packed={u.size} report={len(j.dumps(u.report))}", page.context["report"]["faults"][:2], page.context["report"]["warnings"][:2])
