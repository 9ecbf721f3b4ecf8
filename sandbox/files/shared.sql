-- What the files of several systems have in common.
create macro file_in(name) as (getvariable('folder') || '/' || name);

create macro utc_text(moment) as (strftime(utc(moment), '%Y-%m-%dT%H:%M:%SZ'));

create macro local_text(moment) as (strftime(moment, '%Y-%m-%d %H:%M:%S'));

create macro days_first(moment) as (strftime(moment, '%d/%m/%Y %H:%M:%S'));

create macro rupiah(amount) as ('Rp ' || replace(format('{:,}', cast(amount as bigint)), ',', '.'));

create macro email_hash(address) as (sha256(lower(address)));

-- the lead records that a CRM has by the present, with what it knows of the person by then
create table known_records as
with

stages as (
    select
        i,
        arg_max(stage, entered_at) as stage,
        max(entered_at) as entered_at
    from claims
    where is_past(entered_at)
    group by i
)

select
    records.* exclude (email_at_first, email, mended_at, merged_into, merged_at, deleted_at),
    case
        when records.mended_at is not null and not is_past(records.mended_at) then records.email_at_first else
            records.email
    end as email,
    case when is_past(records.merged_at) then records.merged_into end as merged_into,
    coalesce(is_past(records.deleted_at), false) as is_deleted,
    greatest(
        records.created_at,
        case when is_past(records.mended_at) then records.mended_at end,
        case when is_past(records.merged_at) then records.merged_at end,
        case when is_past(records.deleted_at) then records.deleted_at end,
        owner_changes.changed_at,
        case when records.kind = 'first' then stages.entered_at end
    ) as updated_at,
    people.first_name || ' ' || people.last_name as name,
    people.company,
    people.industry,
    people.country,
    -- what a firm's size and a person's role are, the first record says; a size that comes late is not known before
    case
        when records.kind = 'first' and coalesce(is_past(mqls.size_known_at), true) then people.employee_count
    end as employee_count,
    accounts.account_id,
    mqls.channel,
    mqls.campaign_id,
    ways.campaign,
    case when records.kind = 'first' then stages.stage end as stage,
    coalesce(owner_changes.owner, mqls.owner) as owner,
    not people.refuses_consent as has_consent,
    visits.browser,
    case
        when chance('survey', records.i) >= 0.35 then null
        when people.asks_anyway then 'Teman atau kolega'
        else case mqls.channel
                when 'organic_search' then 'Google' when 'paid_search' then 'Google' when 'paid_social' then
                    'Media sosial'
                when 'organic_social' then 'Media sosial' when 'paid_video' then 'YouTube' when 'offline_event' then
                    'Acara'
                when 'ai_assistant' then 'ChatGPT' else 'Lainnya'
            end
    end as self_reported_source,
    case when records.kind = 'first' then to_json({
                'role': people.role,
                'budget': case
                    when is_past(sqls.budget_known_at) then cast(round(people.employee_count * 3e5) as bigint)
                end
            })
    end as attributes
from records
inner join mqls
    on records.i = mqls.i
inner join people
    on records.i = people.i
left join stages
    on records.i = stages.i
left join sqls
    on records.i = sqls.i
left join accounts
    on records.crm = accounts.crm
        and people.firm_number = accounts.firm_number
        and records.kind in ('first', 'converted', 'same address')
left join visits
    on records.kind = 'first'
        and mqls.trace = 'visit'
        and not people.refuses_consent
        and 'v' || mqls.asked_in = visits.visit
left join owner_changes
    on records.i = owner_changes.i and is_past(owner_changes.changed_at)
inner join ways
    on mqls.way = ways.way
where is_past(records.created_at);

-- what a field said from when on: the firm's size where it came late, the budget, and the owner where it changed
create table known_values as
select
    records.crm,
    records.record_id,
    'employee_count' as field,
    cast(mqls.employee_count as text) as value,
    mqls.size_known_at as entered_at
from mqls
inner join records
    on mqls.i = records.i and records.kind = 'first'
where is_past(mqls.size_known_at)
union all
select
    records.crm,
    records.record_id,
    'attributes.budget',
    cast(cast(round(sqls.employee_count * 3e5) as bigint) as text),
    sqls.budget_known_at
from sqls
inner join records
    on sqls.i = records.i and records.kind = 'first'
where is_past(sqls.budget_known_at)
union all
select
    records.crm,
    records.record_id,
    'owner',
    mqls.owner,
    mqls.created_at
from owner_changes
inner join mqls
    on owner_changes.i = mqls.i
inner join records
    on owner_changes.i = records.i and records.kind = 'first'
where is_past(owner_changes.changed_at)
union all
select
    records.crm,
    records.record_id,
    'owner',
    owner_changes.owner,
    owner_changes.changed_at
from owner_changes
inner join records
    on owner_changes.i = records.i and records.kind = 'first'
where is_past(owner_changes.changed_at);

create table known_claims as
select
    records.crm,
    records.record_id,
    claims.stage,
    claims.entered_at,
    claims.changed_by,
    claims.reason
from claims
inner join records
    on claims.i = records.i and records.kind = 'first'
where is_past(claims.entered_at);

create table known_deals as
with

newest as (
    select
        deal_id,
        arg_max(state, step) as state,
        arg_max(stage, step) as stage,
        arg_max(amount, step) as amount,
        max(entered_at) as entered_at
    from deal_states
    where is_past(entered_at)
    group by deal_id
)

select
    deals.deal_id,
    deals.crm,
    accounts.account_id,
    deals.name,
    newest.amount,
    deals.currency,
    newest.stage,
    deals.created_at,
    case when newest.state in ('won', 'lost') then newest.entered_at end as closed_at,
    newest.state = 'won' as is_won,
    newest.state in ('won', 'lost') as is_closed,
    case when newest.state = 'lost' then deals.lost_reason end as lost_reason,
    deals.owner,
    deals.product,
    greatest(newest.entered_at, case when is_past(deals.deleted_at) then deals.deleted_at end) as updated_at,
    coalesce(is_past(deals.deleted_at), false) as is_deleted
from deals
inner join newest
    on deals.deal_id = newest.deal_id
left join accounts
    on deals.crm = accounts.crm and deals.firm_number = accounts.firm_number;

create table known_deal_people as
select deal_people.*
from deal_people
inner join known_deals
    on deal_people.deal_id = known_deals.deal_id
where is_past(deal_people.since);

create table known_talk as
select
    talk.*,
    mqls.crm,
    records.record_id,
    sellers.owner
from talk
inner join mqls
    on talk.i = mqls.i
inner join records
    on talk.i = records.i and records.kind = 'first'
inner join sellers
    on talk.owner_id = sellers.owner_id
where is_past(talk.talked_at);

create table known_accounts as
select * from accounts
where is_past(created_at);

create table known_invoices as
select
    * exclude (refunded_amount, refunded_at),
    case when is_past(refunded_at) then refunded_amount end as refunded_amount,
    case when is_past(refunded_at) then refunded_at end as refunded_at
from invoices
where is_past(ordered_at);
