"""A small company whose exports have what goes wrong: both engines have to make the same of it."""

from __future__ import annotations

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
      deal_contacts: {{path: "{folder}/deal_contacts.csv"}}
      touchpoints: {{path: "{folder}/touches.csv"}}
      orders: {{path: "{folder}/orders.csv"}}
      campaigns: {{path: "{folder}/campaigns.csv"}}
      ad_spend: {{path: "{folder}/spend.csv"}}
      exchange_rates: {{path: "{folder}/rates.csv"}}
"""

# Twenty records that share addresses two by two, in an order that is not theirs.
_CHAIN = "".join(
    f"chain{n},2018-02-01 10:00:00,link{n // 2}@example.com,+55119876{(n + 1) // 2:05},,,,,\n"
    for n in (place * 7 % 20 for place in range(20))
)
# A front desk's address on more leads than identify anybody.
_DESK = "".join(f"desk{n},2018-02-0{n % 9 + 1},info@example.com,,,,,,\n" for n in range(11))

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
    "negative,,1,2018-08-01,2018-08-02,-33.34,BRL,true,true,,won,\n",
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
    "orders": "order_id,ordered_at,amount,currency,lead_id,email\n"
    "o1,2018-05-01,10,BRL,999,ann@example.com\no2,2018-05-02,20,BRL,,ivy@example.com\n",
    "campaigns": "campaign_id,account_id,name,channel\nc1,a1,First name,Paid Search\nc2,a1,Other,paid_social\n",
    "spend": "date_day,last_day,account_id,campaign_id,campaign_name,spend,currency,impressions,clicks\n"
    "2018-02-01,,a1,c1,First name,50.50,BRL,1000,10\n2018-03-01,,a1,c1,Renamed,49.50,BRL,900,9\n"
    "2018-06-01,,a1,c2,Other,10,USD,100,1\n2018-06-19,,a1,c2,Other,3.33,EUR,10,1\n"
    # a credit for three days, two parts of one day, and a last day before the first
    "2018-06-20,2018-06-22,a1,c2,Other,-10,EUR,100,1\n2018-06-21,2018-06-21,a1,c2,Other,5,EUR,7,2\n"
    "2018-06-22,2018-06-01,a1,c2,Other,4,EUR,7,2\n",
    "rates": "date_day,currency,rate\n2018-06-01,EUR,4.333333\n2018-06-19,EUR,4.5\n2018-06-19,BRL,9\n",
}


def write_files(folder: Path) -> str:
    """Writes the company's exports into `folder`, and returns the source for `closedloop.yml`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in _FILES.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return SOURCE.format(folder=folder)
