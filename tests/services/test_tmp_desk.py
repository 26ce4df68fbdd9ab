import time, uuid
from datetime import UTC, datetime
from app.clock import now
from app.services.sample_procedures import publish_samples
from app.extensions import db
from sqlalchemy import select

def test_x(database):
    t=time.process_time(); w=time.time()
    print(publish_samples(now()))
    print("publish", time.process_time()-t, time.time()-w)

def test_pages(app, login):
    with app.app_context():
        publish_samples(now())
    b = login("tiepnhan.caolanh")
    r = b.get("/reception/"); print(r.status_code); open("/tmp/try/choose.html","w").write(r.text)
    for code in ["2.000815","1.001193"]:
        r = b.get("/reception/"+code); print(code, r.status_code); open(f"/tmp/try/{code}.html","w").write(r.text)
    r = b.get("/dossiers/"); print(r.status_code); open("/tmp/try/worklist.html","w").write(r.text)
    import re
    page = b.get("/reception/2.000815").text
    key = re.search(r'name="intake_key" value="([^"]+)"', page)[1]
    ver = re.search(r'name="version" value="([^"]+)"', page)[1]
    data = {"intake_key": key, "version": ver, "applicant-applicant_kind":"individual","applicant-full_name":"Nguyễn Văn An","applicant-citizen_id":"087090001234","applicant-birth_day":"01/02/1990","applicant-phone":"0912345678","applicant-address":"12 Nguyễn Huệ","filing-channel":"counter","filing-return_channel":"counter",
      "answers-originals-0-title":"Bằng tốt nghiệp","answers-originals-0-pages":"10","answers-originals-0-copies":"3","answers-original_finding":"none","received":["original"]}
    for i in range(5):
        t=time.process_time()
        r = b.post("/reception/2.000815/preview", data=data, headers={"HX-Request":"true"})
        print("preview", r.status_code, time.process_time()-t)
    open("/tmp/try/preview.html","w").write(r.text)
    r = b.post("/reception/2.000815", data=data); print(r.status_code, r.headers.get("Location")); 
    open("/tmp/try/accept.html","w").write(r.text)
    loc = r.headers["Location"]
    r = b.get(loc); print(r.status_code); open("/tmp/try/received.html","w").write(r.text)
    did = loc.rsplit("/",1)[1]
    for p in ["", "/beside", "/receipt.pdf"]:
        r = b.get(f"/dossiers/{did}{p}"); print(p, r.status_code, r.headers["Content-Type"])
        open(f"/tmp/try/d{p.replace('/','_')}.html","wb").write(r.data)
    r = b.get("/dossiers/?shelf=all"); open("/tmp/try/worklist.html","w").write(r.text)
    i = login("kiemtra")
    r = i.get(f"/dossiers/{did}/history"); print("history", r.status_code); open("/tmp/try/history.html","w").write(r.text)
    u = re.search(r'/evaluations/([^/]+)/replay', r.text)[1]
    r = i.post(f"/dossiers/{did}/evaluations/{u}/replay"); print("replay", r.status_code); open("/tmp/try/replay.html","w").write(r.text)
