-- The newsletter "Kabar Pajak": monthly to each lead for half a year, with opens and clicks by people and by machines
-- (mail programs that load pictures ahead, security scanners that follow links within seconds).
create table mails as
with

issues as (
    select
        unnest(generate_series(date_trunc('month', cast(first_day as timestamp)), ends_at, interval 1 month))
        + interval '3 days 9 hours'
            as sent_at
    from calendar
),

sent as (
    select
        mqls.i,
        issues.sent_at + to_seconds(mqls.i % 1200) as sent_at,
        mqls.i || '-' || strftime(issues.sent_at, '%y%m') as mail
    from mqls
    inner join issues
        on issues.sent_at > mqls.created_at and issues.sent_at < mqls.created_at + interval 180 day
    where mqls.has_email and not mqls.refuses_consent
),

-- a click of a person is a visit to the site (meetings), so it has that visit's moment
clicked as (
    select
        meetings.i,
        meetings.met_at,
        meetings.encounter
    from meetings
    inner join mqls
        on meetings.i = mqls.i
    where meetings.way = 'newsletter'
        and mqls.has_email
        and not mqls.refuses_consent
        and meetings.met_at > mqls.created_at
)

select
    'm' || mail || '-s' as event_id,
    i,
    sent_at as occurred_at,
    'sent' as event,
    false as is_machine
from sent
union all
select
    'm' || mail || '-d',
    i,
    sent_at + interval 3 second,
    'delivered',
    false
from sent
where chance('bounces', mail) >= 0.02
union all
select
    'm' || mail || '-o',
    i,
    sent_at + wait_days(0.4, 'opens', mail),
    'open',
    false
from sent
where chance('bounces', mail) >= 0.02 and chance('opened', mail) < 0.28
union all
select
    'm' || mail || '-p',
    i,
    sent_at + interval 8 second,
    'open',
    true
from sent
where chance('bounces', mail) >= 0.02 and chance('mail program', i) < 0.35
union all
select
    'm' || mail || '-c',
    i,
    sent_at + interval 5 second,
    'click',
    true
from sent
where chance('bounces', mail) >= 0.02 and chance('scanner', i) < 0.06
union all
select
    'mc' || encounter,
    i,
    met_at - interval 1 second,
    'click',
    false
from clicked
union all
select
    'm' || mail || '-u',
    i,
    sent_at + interval 2 hour,
    'unsubscribe',
    false
from sent
where chance('unsubscribes', mail) < 0.004;
