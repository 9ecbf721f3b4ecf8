-- "Panduan Pajak", a made-up Indonesian company that sells tax software to small firms: two years of its marketing and
-- sales. Chance comes from hashes of the seed and a row's number, so a seed always gives the same company.
-- Given as variables: seed, leads. Times are local times in Jakarta until the files are written.

create macro chance(what, which) as
    (md5_number_lower(concat_ws('/', getvariable('seed'), what, which)) // 4096 + 0.5) / 4503599627370496.0;

create macro wait_days(mean_days, what, which) as
    to_seconds(cast(round(-ln(chance(what, which)) * mean_days * 86400) as bigint));

create macro pick(choices, what, which) as
    choices[1 + cast(floor(chance(what, which) * len(choices)) as bigint)];

create table calendar as
select
    date '2024-11-01' as first_day,
    date '2026-10-31' as last_day,
    timestamp '2026-11-01 00:00:00' as ends_at;

create table owners as
select *
from (
    values
    ('U01', 'Sari Anggraini', 'marketing', true),
    ('U02', 'Yoga Pratama', 'marketing', true),
    ('U11', 'Dewi Lestari', 'sales', true),
    ('U12', 'Rizky Hidayat', 'sales', true),
    ('U13', 'Maria Simanjuntak', 'sales', true),
    ('U14', 'Agus Setiawan', 'sales', true),
    ('U15', 'Putri Wulandari', 'sales', false)
) as owners (owner_id, name, team, is_active);

-- how leads arrive: `weight` is the share of leads while it runs, `quality` moves the share that becomes an MQL
create table openings as
select *
from (
    values
    ('organic_search', null, null, null, null, null, 0, null, null, 24, 1.10),
    ('referral', null, null, null, null, null, 0, null, null, 5, 1.40),
    ('social', null, null, null, null, null, 0, null, null, 7, 0.75),
    ('email', null, null, null, null, null, 0, null, null, 4, 1.25),
    ('direct_traffic', null, null, null, null, null, 0, null, null, 4, 1.00),
    ('webinar', null, null, null, null, null, 0, null, null, 5, 1.35),
    (null, null, null, null, null, null, 0, null, null, 4, 0.80),
    (
        'google_ads', 'google_ads', '20118450011', 'Search - Software Pajak', 'paid_search', 'leads',
        190000, date '2024-11-01', date '2026-10-31', 13, 1.20
    ),
    (
        'google_ads', 'google_ads', '20118450012', 'Search - e-Faktur', 'paid_search', 'leads',
        120000, date '2025-03-01', date '2026-10-31', 8, 1.10
    ),
    (
        'google_ads', 'google_ads', '20118450013', 'YouTube - Lapor SPT', 'paid_video', 'awareness',
        90000, date '2026-01-10', date '2026-04-15', 4, 0.70
    ),
    (
        'meta_ads', 'meta_ads', '23850011223340001', 'E-book Panduan Lengkap Pajak untuk UKM', 'paid_social', 'leads',
        130000, date '2024-12-01', date '2026-10-31', 12, 0.80
    ),
    (
        'meta_ads', 'meta_ads', '23850011223340002', 'Retargeting Harga', 'paid_social', 'conversions',
        60000, date '2025-06-01', date '2026-10-31', 4, 1.30
    ),
    (
        'tiktok_ads', 'tiktok_ads', '1790022334455001', 'Pajak 60 Detik', 'paid_social', 'traffic',
        100000, date '2025-02-01', date '2026-08-31', 9, 0.45
    ),
    (
        'linkedin_ads', 'linkedin_ads', '610044771', 'Direktur Keuangan', 'paid_social', 'leads',
        110000, date '2025-05-01', date '2026-10-31', 3, 1.50
    )
) as openings (
    source, platform, campaign_id, campaign, channel, objective, daily_budget, first_day, last_day, weight, quality
);

-- days on which each opening could bring somebody
create table running as
select
    openings.* replace (
        coalesce(openings.first_day, calendar.first_day) as first_day,
        coalesce(openings.last_day, calendar.last_day) as last_day
    ),
    coalesce(campaign_id, source, 'unknown') as opening
from openings
cross join calendar;

create table arrivals as
with

numbered as (
    select
        i,
        -- more leads every month, between seven in the morning and nine at night
        calendar.first_day
        + to_seconds(cast(floor(730 * pow(chance('day', i), 0.7)) as bigint) * 86400)
        + to_seconds(cast(floor(25200 + 50400 * chance('second', i)) as bigint)) as created_at
    from range(getvariable('leads')) as numbers (i)
    cross join calendar
)

select
    numbered.i,
    numbered.created_at,
    running.source,
    running.campaign,
    running.quality
from numbered
inner join running
    on cast(numbered.created_at as date) between running.first_day and running.last_day
-- a race of exponential waits: each opening wins in proportion to its weight
qualify row_number() over (
    partition by numbered.i order by -ln(chance('origin ' || running.opening, numbered.i)) / running.weight
) = 1;

create table people as
with

named as (
    select
        *,
        -- one lead in eight is a colleague of the one before, one in forty is the same person once more
        case when i % 8 = 7 or i % 40 = 38 then i - 1 else i end as account_number,
        case when i % 40 = 38 then i - 1 else i end as person_number
    from arrivals
),

described as (
    select
        *,
        pick(
            [
                'Adi', 'Bayu', 'Citra', 'Dian', 'Eka', 'Fitri', 'Galih', 'Hana', 'Indra', 'Joko', 'Kartika', 'Lina',
                'Made', 'Nur'
            ],
            'first name', person_number
        ) as first_name,
        pick(
            [
                'Aritonang', 'Firmansyah', 'Gunawan', 'Halim', 'Kusuma', 'Maulana', 'Nugroho', 'Permata', 'Saputra',
                'Tanjung'
            ],
            'last name', person_number
        ) as last_name,
        pick(['CV', 'PT', 'UD', 'Toko'], 'form', account_number)
        || ' ' || pick(
            ['Sumber', 'Karya', 'Cahaya', 'Mitra', 'Anugerah', 'Tirta', 'Bumi', 'Sinar'], 'company 1', account_number
        )
        || ' ' || pick(
            ['Makmur', 'Sejahtera', 'Abadi', 'Mandiri', 'Utama', 'Jaya', 'Lestari'], 'company 2', account_number
        ) as company,
        pick(['retail', 'restaurant', 'manufacturing', 'logistics', 'services', 'health'], 'industry', account_number)
            as industry,
        cast(round(2 * pow(120, chance('employees', account_number))) as bigint) as employee_count,
        pick(['Dewi Lestari', 'Rizky Hidayat', 'Maria Simanjuntak', 'Agus Setiawan', 'Putri Wulandari'], 'owner', i)
            as owner,
        printf('L%06d', i + 1) as lead_id,
        printf('A%06d', account_number + 1) as account_id
    from named
)

select
    *,
    lower(first_name || '.' || last_name) || person_number
    || case
        when chance('free mail', person_number) < 0.3 then '@surel.example'
        else '@' || lower(replace(company, ' ', '')) || '.example'
    end as email
from described;

-- what becomes of each lead; some of it lies after the last day and is cut off where files are written
create table fates as
with

qualified as (
    select
        i,
        case when chance('mql', i) < 0.40 * quality then created_at + wait_days(5, 'mql wait', i) end as mql_at
    from people
),

accepted as (
    select
        *,
        case when chance('sql', i) < 0.35 then mql_at + wait_days(7, 'sql wait', i) end as sql_at
    from qualified
),

offered as (
    select
        *,
        case when chance('deal', i) < 0.80 then sql_at + wait_days(4, 'deal wait', i) end as deal_at
    from accepted
),

decided as (
    select
        *,
        -- some decide in weeks, some in months
        deal_at + wait_days(case when chance('long sale', i) < 0.4 then 75 else 16 end, 'close wait', i) as closed_at,
        chance('won', i) < 0.31 as is_won,
        case
            when deal_at is null and chance('exit', i) < 0.55 then 'Unqualified'
            when deal_at is null and chance('exit', i) < 0.70 then 'Back to nurture'
        end as exit_stage,
        coalesce(sql_at, mql_at) + wait_days(9, 'exit wait', i) as exit_at
    from offered
)

select * from decided;

create table claims as
with

entered as (
    -- now and then somebody forgets to say MQL, or says it after the fact
    select
        i,
        'Marketing qualified' as stage,
        case when chance('late mql', i) < 0.02 then sql_at + interval 1 day else mql_at end as entered_at,
        'workflow' as changed_by,
        null as reason
    from fates
    where sql_at is null or chance('no mql', i) >= 0.02
    union all
    select i, 'Accepted by sales', sql_at, 'sales', null from fates
    union all
    select i, 'Opportunity', deal_at, 'sales', null from fates
    union all
    select i, 'Customer', closed_at, 'sales', null from fates where is_won
    union all
    select
        i,
        exit_stage,
        exit_at,
        'sales',
        case when exit_stage = 'Unqualified' then pick(
            ['no_fit', 'no_budget', 'bad_timing', 'no_response', 'no_response', 'student', 'bad_contact', null],
            'reason', i
        ) end
    from fates
    where exit_stage is not null
    union all
    -- a stage of the CRM that the agreement does not know
    select i, 'On hold', mql_at + interval 2 hour, 'sales', null from fates where chance('hold', i) < 0.02
)

select entered.*
from entered
cross join calendar
where entered.entered_at < calendar.ends_at;

create table deals as
select
    fates.i,
    printf('D%06d', fates.i + 1) as deal_id,
    people.account_id,
    'Langganan ' || people.company as name,
    round(5e6 * pow(16, chance('amount', fates.i)) / 1e5) * 1e5 as amount,
    fates.deal_at as created_at,
    case when fates.closed_at < calendar.ends_at then fates.closed_at end as closed_at,
    people.owner,
    pick(['Pajak Dasar', 'Pajak Plus', 'Pajak Plus', 'Pajak Grup'], 'product', fates.i) as product,
    case
        when fates.closed_at >= calendar.ends_at then 'Proposal sent'
        when fates.is_won then 'Closed won'
        else 'Closed lost'
    end as stage,
    case when stage = 'Closed lost' then pick(['price', 'competitor', 'no decision', 'timing'], 'lost', fates.i) end
        as lost_reason
from fates
inner join people
    on fates.i = people.i
cross join calendar
where fates.deal_at < calendar.ends_at;

-- visits, webinars and e-mail clicks that other tools saw, known by the e-mail address
create table visits as
with

looked as (
    select
        people.*,
        n,
        people.i || ' ' || n as visit,
        people.created_at - wait_days(12, 'visit wait', people.i || ' ' || n) as visited_at
    from people
    cross join range(3) as numbers (n)
    where chance('visit', people.i || ' ' || n) < 0.45
)

select
    looked.i,
    looked.visit,
    looked.visited_at,
    running.source,
    running.campaign,
    running.campaign_id
from looked
inner join running
    on cast(looked.visited_at as date) between running.first_day and running.last_day and running.source is not null
qualify row_number() over (
    partition by looked.visit order by -ln(chance('visit ' || running.opening, looked.visit)) / running.weight
) = 1;

create table ad_days as
select
    cast(days.day as date) as day,
    running.*,
    cast(round(
        daily_budget * (getvariable('leads') / 3000.0) * (0.7 + 0.6 * chance('spend ' || campaign_id, days.day)), 2
    ) as decimal(18, 2)) as spend,
    cast(round(spend / (20 + 15 * chance('cpm ' || campaign_id, days.day))) as bigint) as impressions,
    cast(round(spend / (2500 + 1500 * chance('cpc ' || campaign_id, days.day))) as bigint) as clicks
from running
cross join lateral unnest(generate_series(first_day, last_day, interval 1 day)) as days (day)
where campaign_id is not null;

-- The files, each as its tool exports it.

copy (
    with

    newest as (
        select
            i,
            arg_max(stage, entered_at) as stage
        from claims
        group by i
    ),

    exported as (
        select
            people.i,
            lead_id as "Record ID",
            strftime(created_at, '%d/%m/%Y %H:%M') as "Created",
            case when people.i % 40 = 38 then upper(email) else email end as "Email",
            first_name || ' ' || last_name as "Name",
            account_id as "Company ID",
            company as "Company",
            source as "Lead source",
            campaign as "Campaign",
            coalesce(newest.stage, 'New') as "Status",
            owner as "Owner"
        from people
        left join newest
            on people.i = newest.i
        union all
        -- rows as no export should have them: no date, no ID, twice the same ID
        select
            1000000000 + n, 'X' || n, 'kemarin sore', null, 'Tanpa Tanggal', null, null, 'social', null, 'New', null
        from range(3) as numbers (n)
        union all
        select
            2000000000 + n, null, '01/10/2026 09:00', null, 'Tanpa Nomor', null, null, 'social', null, 'New', null
        from range(2) as numbers (n)
        union all
        select 3000000000, 'X9', '02/10/2026 09:00', null, 'Data Ganda', null, null, 'social', null, 'New', null
        from range(2) as numbers (n)
    )

    select * exclude (i) from exported order by i, "Record ID"
) to (getvariable('folder') || '/crm/leads.csv') (header, delimiter ';');

copy (
    select
        printf('L%06d', i + 1) as lead,
        stage,
        strftime(entered_at, '%Y-%m-%dT%H:%M:%S+07:00') as at,
        changed_by as by,
        reason
    from claims
    order by i, entered_at, stage
) to (getvariable('folder') || '/crm/stage_history.jsonl') (format json);

copy (
    select
        deal_id,
        account_id,
        name,
        cast(amount as decimal(18, 2)) as amount,
        stage,
        created_at,
        closed_at,
        stage = 'Closed won' as is_won,
        stage in ('Closed won', 'Closed lost') as is_closed,
        lost_reason,
        owner,
        product
    from deals
    order by i
) to (getvariable('folder') || '/crm/deals.parquet') (format parquet);

copy (
    select
        deals.deal_id,
        people.lead_id,
        case when people.i = deals.i then 'decision maker' else 'user' end as role,
        people.i = deals.i as is_primary
    from deals
    inner join people
        on
            deals.account_id = people.account_id
            and (deals.closed_at is null or people.created_at < deals.closed_at)
    order by deals.i, people.i
) to (getvariable('folder') || '/crm/deal_contacts.csv') (header);

copy (
    select distinct
        account_id,
        company as name,
        industry,
        employee_count
    from people
    order by account_id
) to (getvariable('folder') || '/crm/accounts.csv') (header);

copy owners to (getvariable('folder') || '/crm/owners.csv') (header);

copy (
    -- most are called within hours, some are forgotten
    with

    calls as (
        select
            fates.i,
            n,
            fates.mql_at + wait_days(case n when 0 then 0.5 else 5 end, 'call wait', fates.i || ' ' || n) as occurred_at
        from fates
        cross join range(2) as numbers (n)
        where chance('call', fates.i || ' ' || n) < case n when 0 then 0.9 else 0.6 end
    )

    select
        printf('C%06d-%d', calls.i + 1, calls.n) as activity_id,
        people.lead_id,
        pick(['call', 'call', 'whatsapp', 'email'], 'call type', calls.i || ' ' || calls.n) as type,
        'outbound' as direction,
        pick(['connected', 'connected', 'no_answer'], 'call outcome', calls.i || ' ' || calls.n) as outcome,
        people.owner,
        calls.occurred_at
    from calls
    inner join people
        on calls.i = people.i
    cross join calendar
    where calls.occurred_at < calendar.ends_at
    order by calls.i, calls.n
) to (getvariable('folder') || '/crm/activities.csv') (header);

copy (
    select
        'V' || replace(visit, ' ', '-') as visit_id,
        visited_at,
        people.email,
        visits.source,
        visits.campaign
    from visits
    inner join people
        on visits.i = people.i
    order by visits.i, visits.visit
) to (getvariable('folder') || '/events/visits.parquet') (format parquet);

copy (
    select
        'W' || people.lead_id as attendance_id,
        strftime(fates.mql_at + wait_days(4, 'webinar wait', people.i), '%d-%m-%Y 10:00') as attended_at,
        people.email,
        'Bedah Coretax' as title
    from fates
    inner join people
        on fates.i = people.i
    cross join calendar
    where
        chance('webinar', people.i) < 0.25
        and fates.mql_at + wait_days(4, 'webinar wait', people.i) < calendar.last_day
    order by people.i
) to (getvariable('folder') || '/events/webinars.csv') (header);

copy (
    select
        'M' || people.lead_id as click_id,
        strftime(people.created_at + wait_days(10, 'mail wait', people.i), '%Y-%m-%dT%H:%M:%S+07:00') as clicked_at,
        people.email,
        'Kabar Pajak' as newsletter
    from people
    cross join calendar
    where
        chance('mail', people.i) < 0.2
        and people.created_at + wait_days(10, 'mail wait', people.i) < calendar.ends_at
    order by people.i
) to (getvariable('folder') || '/events/email_clicks.jsonl') (format json);

create macro campaigns_of(name) as table
select distinct campaign_id, campaign, objective, channel from ad_days where platform = name order by all;

create macro spend_of(name) as table
select day, campaign_id, campaign, spend as cost, impressions, clicks from ad_days where platform = name order by all;

copy (from campaigns_of('google_ads')) to (getvariable('folder') || '/ads/google_ads/campaigns.csv') (header);

copy (from spend_of('google_ads')) to (getvariable('folder') || '/ads/google_ads/spend.csv') (header);

copy (from campaigns_of('meta_ads')) to (getvariable('folder') || '/ads/meta_ads/campaigns.jsonl') (format json);

copy (from spend_of('meta_ads')) to (getvariable('folder') || '/ads/meta_ads/spend.jsonl') (format json);

copy (from campaigns_of('tiktok_ads'))
to (getvariable('folder') || '/ads/tiktok_ads/campaigns.csv') (header, delimiter ';');

copy (
    select * replace ('Rp ' || replace(format('{:,}', cast(cost as bigint)), ',', '.') as cost)
    from spend_of('tiktok_ads')
) to (getvariable('folder') || '/ads/tiktok_ads/spend.csv') (header, delimiter ';');

copy (from campaigns_of('linkedin_ads'))
to (getvariable('folder') || '/ads/linkedin_ads/campaigns.parquet') (format parquet);

copy (from spend_of('linkedin_ads')) to (getvariable('folder') || '/ads/linkedin_ads/spend.parquet') (format parquet);
