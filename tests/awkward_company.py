"""A small company whose exports have what goes wrong: both engines have to make the same of it."""

from __future__ import annotations

import hashlib
from pathlib import Path

# A source beside others; its times lie before the clock of the Olist runs.
SOURCE = """\
  crm:
    connector: files
    currency: BRL
    country: BR
    resources:
      leads:
        - path: {folder}/leads.csv
        - {{path: "{folder}/contacts.csv", constants: {{record_type: contact}}}}
      lead_stage_history: {{path: "{folder}/stages.csv"}}
      accounts: {{path: "{folder}/accounts.csv"}}
      deals: {{path: "{folder}/deals.csv"}}
      deal_stage_history: {{path: "{folder}/deal_stages.csv"}}
      deal_contacts: {{path: "{folder}/deal_contacts.csv"}}
      touchpoints: {{path: "{folder}/touches.csv"}}
      orders: {{path: "{folder}/orders.csv"}}
      campaigns: {{path: "{folder}/campaigns.csv"}}
      ad_spend: {{path: "{folder}/spend.csv"}}
      exchange_rates: {{path: "{folder}/rates.csv"}}
      web_events: {{path: "{folder}/events.csv"}}
      identity_links: {{path: "{folder}/links.csv"}}
      marketing_emails: {{path: "{folder}/mails.csv"}}
      ad_clicks: {{path: "{folder}/clicks.csv"}}
"""

# Twenty records that share addresses two by two, in an order that is not theirs.
_CHAIN = "".join(
    f"chain{n},2018-02-01 10:00:00,link{n // 2}@example.com,+55119876{(n + 1) // 2:05},,,,,\n"
    for n in (place * 7 % 20 for place in range(20))
)
# A front desk's address on more leads than identify anybody.
_DESK = "".join(f"desk{n},2018-02-0{n % 9 + 1},info@example.com,,,,,,\n" for n in range(11))

# Of Dan, whose form the site saw.
_DAN = hashlib.sha256(b"dan@example.com").hexdigest()

_FILES = {
    "leads": "lead_id,created_at,email,phone,account_id,source,campaign,stage,merged_into\n"
    # a contact has the same id
    "1,2018-03-01 10:00:00,ann@example.com,,acme,google,,lead,\n"
    # an MQL from after the clock on
    "2,2018-03-01 11:00:00,ben@example.com,,,facebook,,mql,\n"
    # a campaign and no source
    '3,2018-03-02,"Cem (cem@example.com); cem.work@example.com",,,,Renamed,sql,\n'
    # became a customer before it was an MQL
    "4,2018-01-02,dan@example.com,,,newsletter,,mql,\n"
    # a stage that nobody agreed on, and a source with blanks and capitals
    "5,2018-03-05,eve@example.com,,acme, Google ,,On hold,\n"
    # merged into a contact
    "6,2018-03-06,fay@example.com,,,,,,7\n" + _CHAIN + _DESK,
    "contacts": "lead_id,created_at,email,account_id,stage,merged_ids\n"
    "1,2018-03-01 09:00:00,bob@example.com,acme,mql,\n"
    "7,2018-03-07,gus@example.com,,sql,70|71\n",
    "stages": "lead_id,stage,entered_at\n2,mql,2018-12-15\n4,mql,2018-03-01\n3,mql,2018-03-03\n3,sql,2018-03-03\n",
    "accounts": "account_id,name,domain,employee_count\nacme,Acme,acme.example,42\n",
    "deals": "deal_id,account_id,lead_ids,created_at,closed_at,amount,currency,is_won,is_closed,deal_type,stage,email\n"
    # closed on the day of its creation, and only the day is known
    "same_day,,3,2018-06-01 10:00:00,2018-06-01,100.01,BRL,true,true,New Business,won,\n"
    # in a currency without a rate, and in one whose rate changes between creation and closing, and grows old
    "foreign,,3,2018-06-02,2018-06-20,70,USD,true,true,expansion,won,\n"
    "converted,acme,1,2018-06-02,2018-06-20,70.07,EUR,true,true,renewal,won,\n"
    "long_ago,acme,1,2018-07-30,,70,eur,false,false,renewal,talks,\n"
    "early,,4,2018-02-01,2018-02-10,300,BRL,true,true,new,won,\n"
    "lost,acme,1,2018-05-01,2018-05-20,80,BRL,false,true,,lost,\n"
    "open,acme,71,2018-07-01,,90,BRL,false,false,renewal,talks,Cem <CEM.work@example.com>\n"
    "nobodys,,,2018-07-02,2018-07-03,0.05,BRL,true,true,,won,nobody@example.com\n"
    # taken back
    "negative,,1,2018-08-01,2018-08-02,-33.34,BRL,true,true,,won,\n"
    # won twice, of which its record knows the first; won, and reopened later; lost, and reopened after the clock
    "again,,2,2018-04-01,2018-04-20,50,BRL,true,true,,Closed Won,\n"
    "reopened,,2,2018-04-01,,40,EUR,false,false,,talks,\n"
    "later,,2,2018-04-01,,30,BRL,false,false,,talks,\n",
    "deal_stages": "deal_id,stage,entered_at,amount\n"
    "again,New,2018-04-01,60\nagain,Closed Won,2018-04-20,55\nagain,Negotiation,2018-05-10,55\n"
    "again,Closed Won,2018-06-10,50\nreopened,New,2018-04-01,\nreopened,Closed Won,2018-06-20,41.41\n"
    "reopened,talks,2018-07-20,41.41\nreopened,Proposal,2018-07-21,40\nlater,Closed Lost,2018-05-01,30\n"
    "later,New,2018-12-20,30\nnobodys,New,2018-07-02,0.04\nnobodys,won,2018-07-03,0.05\ngone,New,2018-07-02,1\n",
    "deal_contacts": "deal_id,lead_id,role,is_primary\nlost,1,decision maker,true\nlost,5,user,false\n",
    "touches": "touchpoint_id,lead_id,email,occurred_at,type,channel,source,medium,campaign,campaign_id,"
    "landing_page,term,referrer\n"
    "t1,3,,2018-02-20 10:00:00,session,Paid Search,google,cpc,First name,c1,"
    "https://x.example/a?utm_source=g&email=cem%40example.com#top,crm harga,https://WWW.Google.com:443/search?q=ani\n"
    "t2,3,,2018-02-20 10:00:00,session,email,newsletter,email,,,,,\n"
    "t3,3,,2018-05-31 10:00:00,event,,fair,,Renamed,,/fair,,android-app://com.example/\n"
    # an unknown id and a known address
    "t4,999,cem@example.com,2018-04-01,email_click,email,newsletter,,,,,,\n"
    # a channel that is none of ours
    "t5,4,,2018-01-01,imported,Carrier pigeon,sky,,,,,,\n"
    # the front desk's, and somebody whom only a touch knows
    "t6,,info@example.com,2018-04-02,session,direct,,,,,,,\n"
    "t7,,hal@example.com,2018-04-03,session,direct,,,,,,,\n"
    "t8,1,,2018-02-28,session,organic_social,instagram,,,,,,\n",
    "orders": "order_id,ordered_at,amount,currency,lead_id,email,deal_id,status,voucher_code,refunded_amount,"
    "refunded_at\n"
    "o1,2018-05-01,10,BRL,999,ann@example.com,,,,,\no2,2018-05-02,20,BRL,,ivy@example.com,,Selesai,,,\n"
    # nobody's, by a voucher; not paid; cancelled; given back in part, in another currency and at another rate
    "o3,2018-05-03,30.01,BRL,,,,paid,KULIT10,,\no4,2018-05-04,40,BRL,5,,,Belum Bayar,,,\n"
    "o5,2018-05-05,50,BRL,5,,,cancelled,,,2018-05-07\no6,2018-06-05,60.60,EUR,5,,,paid,,20.20,2018-07-05\n"
    # invoices of deals: of the win that was taken back, of one that stands, of a deal that was never won
    "o7,2018-04-21,55,BRL,2,,again,paid,,5.55,2018-04-30\no8,2018-06-21,70.07,EUR,1,,converted,refunded,,,2018-08-01\n"
    "o9,2018-05-21,80,BRL,1,,lost,paid,,8,2018-06-01\no10,2018-05-22,5,BRL,5,,unheard of,paid,,,\n"
    # given back whole and in part, and nobody says when
    "o11,2018-05-23,11,BRL,5,,,cancelled,,,\no12,2018-05-24,12,BRL,5,,,paid,,1.20,\n",
    "campaigns": "campaign_id,account_id,name,channel\nc1,a1,First name,Paid Search\nc2,a1,Other,paid_social\n",
    "spend": "date_day,last_day,account_id,campaign_id,campaign_name,spend,currency,impressions,clicks\n"
    "2018-02-01,,a1,c1,First name,50.50,BRL,1000,10\n2018-03-01,,a1,c1,Renamed,49.50,BRL,900,9\n"
    "2018-06-01,,a1,c2,Other,10,USD,100,1\n2018-06-19,,a1,c2,Other,3.33,EUR,10,1\n"
    # a credit for three days, two parts of one day, and a last day before the first
    "2018-06-20,2018-06-22,a1,c2,Other,-10,EUR,100,1\n2018-06-21,2018-06-21,a1,c2,Other,5,EUR,7,2\n"
    "2018-06-22,2018-06-01,a1,c2,Other,4,EUR,7,2\n",
    "events": "event_id,occurred_at,anonymous_id,event_name,user_id,email_hash,page_url,referrer,user_agent,consent\n"
    # Dan on two devices: before the form, in its very second, and half an hour after it to the second
    "w1,2018-01-01 08:00:00,b1,page_view,,,https://www.contoh.com/?utm_source=Google&utm_medium=CPC"
    "&utm_campaign=First+name,https://www.google.com.br/,Mozilla/5.0,\n"
    f"w2,2018-01-01 08:10:00.5,b1,form_submit,,{_DAN},https://www.contoh.com/kontak,https://www.contoh.com/,Mozilla/5.0,\n"
    "w3,2018-01-01 08:40:00.5,b1,page_view,,,https://www.contoh.com/harga,,Mozilla/5.0,\n"
    "w4,2018-01-01 09:10:00.6,b1,page_view,,,https://www.contoh.com/harga,,Mozilla/5.0,\n"
    f"w5,2018-01-20 08:00:00,b2,page_view,u4,{_DAN},https://www.contoh.com/?gclid=g1,,Mozilla/5.0,\n"
    # somebody else on Dan's computer, by a link that another system states
    "w6,2018-02-01 08:00:00,b1,page_view,,,https://contoh.com/?fbclid=f1,https://l.facebook.com/,Mozilla/5.0,\n"
    "w7,2018-02-01 08:05:00,b1,page_view,,,https://contoh.com/blog,https://contoh.com/,Mozilla/5.0,\n"
    # another campaign in mid-session, with signs that are encoded, and one that is no text
    "w8,2018-02-01 08:06:00,b1,page_view,,,https://contoh.com/?utm_source=kabar&utm_medium=e-mail"
    "&utm_campaign=%23Lapor%20%26%20Tenang&utm_term=%E0%A4,,Mozilla/5.0,\n"
    # back from a payment page, no consent, a crawler, an AI assistant, over midnight
    "w9,2018-02-01 08:07:00,b1,page_view,,,https://contoh.com/terima-kasih,https://app.midtrans.com/,Mozilla/5.0,\n"
    "w10,2018-02-01 08:08:00,b1,page_view,,,https://contoh.com/,,Mozilla/5.0,false\n"
    "w11,2018-02-01 08:09:00,b3,page_view,,,https://contoh.com/,,Mozilla/5.0 (compatible; Googlebot/2.1),\n"
    "w12,2018-02-01 23:55:00,b4,page_view,u9,,https://contoh.com/,https://chatgpt.com/,Mozilla/5.0,\n"
    "w13,2018-02-02 00:05:00,b4,page_view,,,https://contoh.com/?utm_campaign=77,https://contoh.com/,Mozilla/5.0,\n"
    # the same event once more, later in the file
    "w13,2018-02-02 00:06:00,b4,page_view,,,https://contoh.com/?utm_campaign=c2,https://contoh.com/,Mozilla/5.0,\n",
    "links": "identifier,linked_identifier,occurred_at,kind\nb1,2,2018-02-01 08:30:00,login\n"
    "u9,eve@example.com,2018-02-05,signup\n",
    "mails": "email_event_id,occurred_at,event,email,campaign,is_machine\n"
    "m1,2018-03-10 10:00:00,click,cem@example.com,Kabar,false\n"
    "m2,2018-03-10 10:00:00,click,cem@example.com,Kabar,true\n"
    "m3,2018-03-10 10:00:00,open,cem@example.com,Kabar,\nm4,2018-01-20 07:59:00,click,dan@example.com,Kabar,\n",
    "clicks": "click_id,campaign_id,occurred_at\ng1,c2,2018-01-20 07:59:50\n",
    "rates": "date_day,currency,rate\n2018-06-01,EUR,4.333333\n2018-06-19,EUR,4.5\n2018-06-19,BRL,9\n",
}


def write_files(folder: Path, *, shuffled: bool = False) -> str:
    """Writes the company's exports into `folder`, and returns the source for `closedloop.yml`.

    Shuffled, the lines are in an order that says nothing; those of one key stay in theirs, since the later one counts.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in _FILES.items():
        head, *lines = text.splitlines(keepends=True)
        if shuffled:
            lines.sort(key=lambda line: hashlib.md5(line.partition(",")[0].encode(), usedforsecurity=False).digest())
        (folder / f"{name}.csv").write_text(head + "".join(lines), encoding="utf-8")
    return SOURCE.format(folder=folder)
