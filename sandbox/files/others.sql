-- The site, chats, the shop, the newsletter, events and the rates.
copy (
    select
        web_events.event_id,
        utc(web_events.occurred_at) as occurred_at,
        web_events.browser as client_id,
        web_events.event_name,
        case when not web_events.refuses_consent and web_events.known_as is not null then email_hash(people.email) end
            as email_sha256,
        web_events.page_url,
        web_events.referrer,
        web_events.user_agent,
        web_events.country,
        not web_events.refuses_consent as consent,
        cast(web_events.properties as text) as properties
    from web_events
    left join people
        on web_events.known_as = people.i
    where is_past(web_events.received_at)
    order by web_events.occurred_at, web_events.event_id
) to (file_in('web/events.parquet')) (format parquet);

-- an enquiry by chat that began with an ad; the number is the person's
copy (
    select
        'wamid.' || meetings.encounter as id,
        utc_text(meetings.met_at) as timestamp,
        people.phone as from_number,
        'ctwa' || substr(md5(concat_ws('/', getvariable('seed'), 'chat', meetings.encounter)), 1, 18) as ctwa_clid,
        meetings.campaign_id as source_id,
        ways.campaign as headline
    from meetings
    inner join people
        on meetings.i = people.i
    inner join ways
        on meetings.way = ways.way
    where meetings.trace = 'chat' and is_past(meetings.met_at)
    order by meetings.encounter
) to (file_in('whatsapp/referrals.jsonl')) (format json);

copy (
    select
        orders.order_id as "No. Pesanan",
        days_first(orders.ordered_at) as "Waktu Pesanan",
        rupiah(orders.amount) as "Total",
        orders.voucher_code as "Kode Voucher",
        orders.shop as "Toko",
        case when orders.shows_phone then people.phone end as "No. Telepon",
        case when is_past(orders.refunded_at) then rupiah(orders.refunded_amount) end as "Dana Dikembalikan",
        case when is_past(orders.refunded_at) then days_first(orders.refunded_at) end as "Waktu Pengembalian",
        case when is_past(orders.refunded_at) then 'Dikembalikan' else 'Selesai' end as "Status"
    from orders
    left join people
        on orders.i = people.i
    where is_past(orders.ordered_at)
    order by orders.n
) to (file_in('marketplace/pesanan.csv')) (header, delimiter ';');

copy (
    select
        mails.event_id,
        utc_text(mails.occurred_at) as occurred_at,
        mails.event,
        people.email,
        'Kabar Pajak' as campaign,
        mails.is_machine
    from mails
    inner join people
        on mails.i = people.i
    where is_past(mails.occurred_at)
    order by mails.event_id
) to (file_in('newsletter/events.csv')) (header);

copy (
    select
        meetings.encounter as attendance_id,
        strftime(meetings.met_at, '%d-%m-%Y %H:%M') as attended_at,
        people.email,
        case meetings.trace when 'webinar' then 'Bedah Coretax' else 'Pameran UKM' end as title,
        case meetings.trace when 'webinar' then 'webinar' else 'expo' end as kind
    from meetings
    inner join people
        on meetings.i = people.i
    where meetings.trace in ('webinar', 'event') and is_past(meetings.met_at)
    order by meetings.encounter
) to (file_in('events/attendance.csv')) (header);

copy (
    select
        day as date_day,
        currency,
        rate
    from exchange_rates
    where is_past(day)
    order by day, currency
) to (file_in('rates/rates.csv')) (header);
